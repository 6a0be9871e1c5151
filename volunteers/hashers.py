"""How PINs are hashed: Argon2id, cheap enough that a counter never waits for it.

docs/decisions/0034 has the measurements. A PIN has a million values, so no cost would save a stolen
table for long; what protects a PIN is the count of tries, in the database.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class PinHasher(Argon2PasswordHasher):
    """Argon2id with 32 MiB, two passes, one lane."""

    algorithm = "argon2pin"
    time_cost = 2
    memory_cost = 32 * 1024  # KiB
    parallelism = 1
