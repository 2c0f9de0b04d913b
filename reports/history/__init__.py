"""Earlier figures as long tables: read, mapped, checked, stored as one batch, undone as one batch.

Only the secretariat of a plan, and who runs the site, brings figures in and reads them here.
"""
