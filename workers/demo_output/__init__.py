"""What a demo leaves behind: a page, reports, transcripts, a summary, and the tables at the end on the
terminal.
"""

from workers.demo_output.facts import Agreement, CitySums, DemoFacts, PlantedResult
from workers.demo_output.summary import Summary
from workers.demo_output.write import write_output

__all__ = ["Agreement", "CitySums", "DemoFacts", "PlantedResult", "Summary", "write_output"]
