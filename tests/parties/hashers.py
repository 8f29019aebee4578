"""Argon2 as in production, at a cost that lets a suite of many sign-ins end soon."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 64
    parallelism = 1


class DearerArgon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 64
    parallelism = 1


class CountingArgon2(CheapArgon2):
    """Counts its runs, to compare the work done for two answers."""

    verified = 0
    encoded = 0

    def verify(self, password, encoded):
        type(self).verified += 1
        return super().verify(password, encoded)

    def encode(self, password, salt):
        type(self).encoded += 1
        return super().encode(password, salt)
