"""Mail by SMTP (RFC 5321), with TLS whenever the server offers it and always for smtps:."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from audit_portal.domain.errors import Unavailable
from audit_portal.ports import Mail

_TIMEOUT = 20


class SmtpMailer:
    """`url`: smtp://[user:password@]host[:port] or smtps://…"""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = (
            self._sender,
            mail.to,
            mail.subject.replace("\n", " "),
        )
        message["Date"], message["Message-ID"] = (
            formatdate(localtime=False),
            make_msgid(domain="audit-portal"),
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        for name, media_type, content in mail.attachments:
            main, _, sub = media_type.partition("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        try:
            with self._connect() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("mail_not_taken", reason=type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        host, secure = str(self._url.hostname), self._url.scheme == "smtps"
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if secure:
            server = smtplib.SMTP_SSL(host, self._url.port or 465, timeout=_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, self._url.port or 25, timeout=_TIMEOUT)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server
