"""What everybody may read, and the lead's page that publishes."""
