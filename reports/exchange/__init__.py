"""A report as one workbook that goes out, is filled in offline, and comes back.

`layout` says what stands where, `outgoing` writes it, `reading` reads it back, `preview` holds it
against the report, `applying` takes it over and `marking` sends it back with its errors marked.
"""
