"""A mail server for the tests: smtp.py starttls|tls|plain FOLDER PORT [CERTIFICATE KEY]. Prints its port, and writes each accepted message into FOLDER."""
import asyncio
import itertools
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

mode, folder, port = sys.argv[1:4]
numbers = itertools.count(1)


class Keep:
    async def handle_DATA(self, server, session, envelope):
        path = os.path.join(folder, f"{next(numbers)}.eml")
        with open(path + ".part", "wb") as file:
            file.write(envelope.content)
        os.rename(path + ".part", path)
        return "250 kept"


def log_in(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"feeds", b"right"), handled=False)


async def serve():
    context = None
    if mode != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[4], sys.argv[5])
    start = context if mode == "starttls" else None

    def session():
        return SMTP(Keep(), hostname="localhost", tls_context=start, require_starttls=start is not None,
                    auth_require_tls=start is not None, auth_required=mode != "plain", authenticator=log_in)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", int(port), ssl=context if mode == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
