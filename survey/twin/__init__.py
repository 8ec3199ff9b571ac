"""The carrier in a box: a server that speaks Twilio's REST, TwiML and signed webhooks, with a town of
residents behind it.

It knows nothing of the service it serves. It imports nothing of ours but `survey.clock`, reads prompts
as a resident
hears them, and keeps a ledger of its own, against which the service's records are compared.
"""
