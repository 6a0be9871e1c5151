from volunteers.models.community import Community, Membership
from volunteers.models.user import User

__all__ = ["Community", "Membership", "User"]
