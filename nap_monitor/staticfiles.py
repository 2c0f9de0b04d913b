"""Static files with their content's hash in the name, cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one for a file not collected yet (tests, first start)."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
