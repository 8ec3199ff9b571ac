"""What a statement raises while the database is away (restarting, killed, unreachable) or gives up a transaction for others.
Whoever gets it may try again."""

import asyncpg

DOWN: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,  # shutting down, crashed, starting up
    asyncpg.exceptions.TransactionRollbackError,  # two waited for each other, and this one was given up
    asyncpg.InterfaceError,  # the connection is closed, or the pool is
    asyncpg.InternalClientError,  # the server's farewell came between two parts of one statement
    OSError,
    TimeoutError,
)
