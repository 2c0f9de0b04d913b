"""What a code may look like: it stands in addresses, file columns and lists."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CODE = re.compile(r"\w[^/;:?#%\\\x00-\x1f]*")


def validate_code(value: str) -> None:
    """Refuse a code that would break an address or a list of codes.

    Raises:
        ValidationError: with what is not allowed.
    """
    if not CODE.fullmatch(value):
        text = _("A code begins with a letter or digit and has none of these in it: %s")
        raise ValidationError(text % "/ ; : ? # % \\")
