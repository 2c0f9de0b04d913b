"""Large installations of invented figures, to measure with: rows in bulk, always the same."""
