"""Static files by the hash of their content, so that browsers keep them for a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

__all__ = ["HashedFiles"]


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashed names once `manage.py prepare` has collected the files, plain names before (in tests)."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return self.clean_name(name)  # type: ignore[no-any-return]
        return super().stored_name(name)  # type: ignore[no-any-return]
