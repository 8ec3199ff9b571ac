"""What is said about an expression that cannot be taken."""


class ExpressionError(ValueError):
    """`reason` and `remedy` are halves of one sentence; `column` counts characters from 1;
    `feature` names the function, operator or axis that is outside the stated subset, where that is why."""

    def __init__(
        self, reason: str, remedy: str, column: int | None = None, feature: str | None = None
    ) -> None:
        self.reason, self.remedy, self.column, self.feature = reason, remedy, column, feature
        place = f" (column {column})" if column is not None else ""
        super().__init__(f"{reason}{place}; {remedy}")

    def __reduce__(self) -> tuple[type["ExpressionError"], tuple[str, str, int | None, str | None]]:
        return ExpressionError, (self.reason, self.remedy, self.column, self.feature)
