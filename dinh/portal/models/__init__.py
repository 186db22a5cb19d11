"""Tables of the portal, by subject."""

from dinh.portal.models.consultations import Comment, Consultation
from dinh.portal.models.content import Post, PostVersion
from dinh.portal.models.petitions import Petition

__all__ = ["Comment", "Consultation", "Petition", "Post", "PostVersion"]
