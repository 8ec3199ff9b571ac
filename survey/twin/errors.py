"""Twilio's error answers: an HTTP status and {code, message, more_info, status}."""

import json

from aiohttp import web


class ApiError(Exception):
    """The carrier refuses a request; `status` is HTTP's, `code` Twilio's own."""

    def __init__(self, status: int, code: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def response(self) -> web.Response:
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        text = json.dumps(body, ensure_ascii=False)
        return web.Response(status=self.status, text=text, content_type="application/json", headers=headers)


def unauthorised() -> ApiError:
    return ApiError(401, 20003, "Authenticate")


def not_found(path: str) -> ApiError:
    return ApiError(404, 20404, f"The requested resource {path} was not found")


def too_many(retry_after: int) -> ApiError:
    return ApiError(429, 20429, "Too Many Requests", retry_after)


def unavailable() -> ApiError:
    return ApiError(503, 20503, "Service is temporarily unavailable")
