"""How the doors for other systems say no, in the manner of `refusals`."""

from __future__ import annotations

from followup.refusals import CaseRefusal


class KeyWithoutName(CaseRefusal):
    """A key needs the name of the system that it is for. Give one, such as 12345热线平台."""


class KeyWithoutScope(CaseRefusal):
    """A key needs at least one scope. Choose from {known}."""


class KeyTooLong(CaseRefusal):
    """A key cannot be valid for {days} days. Choose from 1 to {most}, and make a new one in time."""


class UnitKeyScope(CaseRefusal):
    """{scopes} needs {needs}. Make two keys, or leave that scope out."""


class UnknownUnitOfCentre(CaseRefusal):
    """{unit} is no responsible unit of centre {centre}. Choose from that centre's units."""


class KeyAlreadyGone(CaseRefusal):
    """Centre {centre} has no key {ref} in force. `minyi api key list` shows those that there are."""


class AddressNotAllowed(CaseRefusal):
    """Nothing is delivered to {url}: {why}. Give an https address that other systems can reach too."""


class UnknownEventType(CaseRefusal):
    """There are no events of type {types}. Choose from {known}."""


class UnknownSubscription(CaseRefusal):
    """Centre {centre} has no subscription {ref}. `minyi api webhook list` shows those that there are."""


class NothingToReplay(CaseRefusal):
    """Subscription {ref} has no delivery like that. `minyi api webhook list` shows how many are dead."""


class UnknownPlatform(CaseRefusal):
    """There is no platform {platform}. Choose from {known}, or add it to the policy `platforms`."""


class EndpointAway(CaseRefusal):
    """Nothing was taken from {url}: {why}. Look at that endpoint, and ask again."""


class EndpointKnown(CaseRefusal):
    """Unit {unit} has an endpoint already. Remove that one first: `minyi unit endpoint remove`."""


class NoEndpoint(CaseRefusal):
    """Unit {unit} has no endpoint. `minyi unit endpoint list` shows those that there are."""


class UnknownService(CaseRefusal):
    """{which} must be a category, its group or *, and * must be there. Give it as --service 0106=their-code."""


class NotStuck(CaseRefusal):
    """Nothing of case {number} waits for a person at an endpoint. `minyi unit endpoint sent --all` shows how each stands."""
