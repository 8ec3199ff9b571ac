"""What a statement raises while the database is away: restarting, killed, unreachable. Whoever gets it may try again."""

import asyncpg

DOWN: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,  # shutting down, crashed, starting up
    asyncpg.InterfaceError,  # the connection is closed, or the pool is
    OSError,
    TimeoutError,
)
