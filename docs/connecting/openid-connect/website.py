#!/usr/bin/env python3
"""A website that leaves signing in to Tweestap, whole, in one file.

Debian: apt install python3-authlib python3-requests

    ISSUER=https://login.voorbeeld.example CLIENT_ID=… CLIENT_SECRET=… \
    ORIGIN=https://intranet.voorbeeld.example PORT=8000 python3 website.py

It keeps its visitors in memory: enough to read, and to try things with.
"""
import html
import os
import secrets
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken

ISSUER = os.environ["ISSUER"]
CLIENT_ID = os.environ["CLIENT_ID"]
CLIENT_SECRET = os.environ["CLIENT_SECRET"]
ORIGIN = os.environ["ORIGIN"]
TWO_STEPS = "https://refeds.org/profile/mfa"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"

TWEESTAP = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=10).json()
assert TWEESTAP["issuer"] == ISSUER

# A visitor before: what was asked. After: the claims and the tokens.
visitors = {}


def client():
    return OAuth2Session(
        CLIENT_ID,
        CLIENT_SECRET,
        scope="openid profile email groups",
        redirect_uri=f"{ORIGIN}/callback",
        token_endpoint_auth_method="client_secret_basic",
        code_challenge_method="S256",
    )


def read_token(token, expected, claims_class=None, **params):
    """Whoever asks for the keys each time never misses a new one. A busy site keeps them a while."""
    keys = JsonWebKey.import_key_set(requests.get(TWEESTAP["jwks_uri"], timeout=10).json())
    essential = {name: {"essential": True, "value": value} for name, value in expected.items()}
    claims = JsonWebToken(["ES256"]).decode(
        token, keys, claims_cls=claims_class, claims_options=essential, claims_params=params
    )
    claims.validate(leeway=30)
    return claims


def begin(step_up):
    """Where the browser goes, and what must be remembered until it comes back."""
    asked = {"verifier": secrets.token_urlsafe(48), "nonce": secrets.token_urlsafe(24)}
    # With max_age=0 the second step is asked now, whatever was proved before.
    more = {"acr_values": TWO_STEPS, "max_age": "0"} if step_up else {}
    address, asked["state"] = client().create_authorization_url(
        TWEESTAP["authorization_endpoint"],
        code_verifier=asked["verifier"],
        nonce=asked["nonce"],
        **more,
    )
    return address, {**asked, "step_up": step_up}


def finish(asked, query):
    """Who came back. Raises where anything is not as it was asked."""
    told = {name: values[0] for name, values in parse_qs(query).items()}
    if told.get("state") != asked["state"] or told.get("iss") != ISSUER:
        raise ValueError("this answer is not to what was asked here")
    if "error" in told:
        raise ValueError(told["error"])
    tokens = client().fetch_token(
        TWEESTAP["token_endpoint"], code=told["code"], code_verifier=asked["verifier"]
    )
    claims = read_token(
        tokens["id_token"],
        {"iss": ISSUER, "aud": CLIENT_ID, "nonce": asked["nonce"]},
        CodeIDToken,
        nonce=asked["nonce"],
        client_id=CLIENT_ID,
        access_token=tokens["access_token"],
    )
    # What was asked for is not always what was proved.
    if asked["step_up"] and claims["acr"] not in (TWO_STEPS, "phr"):
        raise ValueError("no second step was taken")
    return {"claims": claims, "tokens": tokens}


def renew(visitor):
    """New tokens for old. A refresh token is good once: the new one takes its place."""
    old = visitor["tokens"]
    tokens = client().refresh_token(TWEESTAP["token_endpoint"], refresh_token=old["refresh_token"])
    visitor["tokens"] = {**old, **tokens}


def user_info(visitor):
    access = {"Authorization": f"Bearer {visitor['tokens']['access_token']}"}
    told = requests.get(TWEESTAP["userinfo_endpoint"], headers=access, timeout=10)
    told.raise_for_status()
    if told.json()["sub"] != visitor["claims"]["sub"]:
        raise ValueError("this is of somebody else")
    return told.json()


def sign_out_address(visitor):
    """With its ID token, Tweestap signs the person out there too without asking."""
    back = {
        "id_token_hint": visitor["tokens"]["id_token"],
        "post_logout_redirect_uri": f"{ORIGIN}/bye",
    }
    return f"{TWEESTAP['end_session_endpoint']}?{urlencode(back)}"


def hear_of_sign_out(token):
    """Somebody signed out elsewhere, or an admin saw to it: every visitor that is meant is gone."""
    claims = read_token(token, {"iss": ISSUER, "aud": CLIENT_ID})
    if LOGOUT not in claims["events"] or "nonce" in claims:
        raise ValueError("this is no logout token")
    for key, visitor in list(visitors.items()):
        mine = visitor.get("claims", {})
        is_person = "sub" in claims and mine.get("sub") == claims["sub"]
        is_session = "sid" not in claims or mine.get("sid") == claims["sid"]
        if is_person and is_session:
            visitors.pop(key, None)


class Website(BaseHTTPRequestHandler):
    def do_GET(self):
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        visitor = visitors.get(self.key(), {})
        if path in ("/sign-in", "/step-up"):
            address, asked = begin(path == "/step-up")
            self.redirect(address, asked)
        elif path == "/callback" and "state" in visitor:
            # What was asked is answered once; a new key, since somebody may have known the old one.
            visitors.pop(self.key(), None)
            try:
                self.redirect("/", finish(visitor, query))
            except Exception as error:
                self.page(403, "We could not sign you in", {"reason": error})
        elif path == "/bye":
            self.page(200, "You are signed out", {})
        elif "claims" not in visitor:
            self.page(200, "Who are you?", {}, '<p><a href="/sign-in">Sign in</a></p>')
        elif path == "/renew":
            renew(visitor)
            self.page(200, "Hello again", user_info(visitor))
        else:
            self.page(200, f"Hello {visitor['claims']['name']}", visitor["claims"], SIGN_OUT)

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 65536)).decode()
        visitor = visitors.get(self.key(), {})
        if self.path == "/hear-of-sign-out":
            try:
                hear_of_sign_out(parse_qs(body)["logout_token"][0])
                self.send_response(200)
            except Exception:
                self.send_response(400)
            self.end_headers()
        elif self.path == "/sign-out" and "claims" in visitor:
            visitors.pop(self.key(), None)
            self.redirect(sign_out_address(visitor))
        else:
            self.redirect("/")

    def key(self):
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("visitor")
        return cookie.value if cookie else None

    def redirect(self, address, visitor=None):
        self.send_response(303)
        self.send_header("Location", address)
        if visitor is not None:
            key = secrets.token_urlsafe(24)
            visitors[key] = visitor
            secure = "; Secure" if ORIGIN.startswith("https:") else ""
            self.send_header("Set-Cookie", f"visitor={key}; Path=/; HttpOnly; SameSite=Lax{secure}")
        self.end_headers()

    def page(self, status, title, facts, below=""):
        lines = "".join(f"<li>{html.escape(f'{name}: {facts[name]}')}</li>" for name in facts)
        body = f"<!doctype html><title>Intranet</title><h1>{html.escape(title)}</h1><ul>{lines}</ul>"
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((body + below).encode())


SIGN_OUT = '<form method="post" action="/sign-out"><button>Sign out</button></form>'

if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8000"))
    ThreadingHTTPServer(("127.0.0.1", port), Website).serve_forever()
