"""Services are tested over a whole house."""

from tests.factories.fixtures import cheap_passwords, everyone, house

__all__ = ["cheap_passwords", "everyone", "house"]
