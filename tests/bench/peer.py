"""What a platform's Python action does: arguments, requests, a token, the call, JSON to stdout.

A call is `requests.get`, as actions are written: a connection of its own, and the roots read again. `--session` keeps one
connection, which is the best that requests can do.
"""

import argparse
import json

import requests

parser = argparse.ArgumentParser()
for name in ("action", "token_url", "api_url", "client_id", "client_secret", "account_id", "ca"):
    parser.add_argument(f"--{name}", required=True)
parser.add_argument("--session", action="store_true")
arguments = parser.parse_args()

calls = requests.Session() if arguments.session else requests
answer = calls.post(
    f"{arguments.token_url}/oauth/token",
    data={"grant_type": "account_credentials", "account_id": arguments.account_id},
    auth=(arguments.client_id, arguments.client_secret),
    verify=arguments.ca,
)
answer.raise_for_status()
headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}


def get(path, **query):
    answer = calls.get(f"{arguments.api_url}/v2/{path}", params=query, headers=headers, verify=arguments.ca)
    answer.raise_for_status()
    return answer.json()


if arguments.action == "get_user":
    print(json.dumps(get("users/jane@example.com")))
else:
    users, token = [], None
    while token != "":
        page = get("users", page_size=300, status="active", **({"next_page_token": token} if token else {}))
        users += page["users"]
        token = page["next_page_token"]
    print(json.dumps({"users": users}))
