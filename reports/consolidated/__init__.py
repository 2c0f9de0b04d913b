"""Many quarters in one file: a plain table with one row for each value, for who analyses them."""
