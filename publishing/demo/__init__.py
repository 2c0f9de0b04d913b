"""The demonstration: people, eight quarters of invented figures, and reports in every state.

The same on every machine: all chance comes from seeds made of codes, all dates are fixed.
"""
