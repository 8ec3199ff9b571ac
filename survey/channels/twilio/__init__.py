"""Twilio's protocol, for Twilio itself or any switch that speaks it. The only place that imports `twilio`."""
