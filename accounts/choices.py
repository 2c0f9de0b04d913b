"""Kinds of institutions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    GOVERNMENT_OFFICE = "government_office", _("Government office")
    POLICE = "police", _("Police")
    ARMED_FORCES = "armed_forces", _("Armed forces")
    TRAINING_BODY = "training_body", _("Training body")
    AGENCY = "agency", _("Agency")
    INDEPENDENT = "independent_institution", _("Independent institution")
    STATISTICS = "statistics_office", _("Statistics office")
    COORDINATION = "coordination_body", _("Coordination body")
    PARLIAMENT = "parliament", _("Parliament")
    JUSTICE = "justice", _("Justice")
    LOCAL = "local_government", _("Local government")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    COALITION = "civil_society_coalition", _("Civil society coalition")
    INTERNATIONAL = "international", _("International partner")
    OTHER = "other", _("Other")
