"""The settings as keywords, for editors and type checkers. docs/settings.md and bayar.list_settings() tell what each does.

    from bayar.settings import Settings

    shop: Settings = {"environment": "sandbox", "client_id": "BRN-0211-1696919651918", "journal": "bayar.db"}
    client = bayar.Client.from_env(**shop)

Imported by nobody else while a program runs.
"""

import os
from typing import TypedDict, Union

_Path = Union[str, "os.PathLike[str]", None]
_Text = Union[str, None]
_Number = Union[int, str, None]


class Settings(TypedDict, total=False):
    """Every setting there is. None is not given."""

    environment: _Text
    client_id: _Text
    client_secret: _Text
    private_key: _Text
    private_key_file: _Path
    private_key_passphrase: _Text
    client_secret_next: _Text
    doku_public_key: _Text
    doku_public_key_file: _Path
    doku_public_key_next: _Text
    doku_public_key_next_file: _Path
    notification_path: _Text
    notification_window_s: _Number
    base_url: _Text
    timeout_ms: _Number
    connect_timeout_ms: _Number
    keep_alive_s: _Number
    token_renew_ahead_s: _Number
    status_interval_ms: _Number
    payment_lifetime_s: _Number
    return_url: _Text
    tls_roots: _Text
    ca_file: _Path
    proxy: _Text
    log_level: _Text
    journal: _Path
    journal_keep_days: _Number
    channel: _Text
    device_id: _Text
    channel_id: _Text
    timestamp_form: _Text
    valid_up_to_field: _Text
    url_param_form: _Text
    support_deep_link_form: _Text
    status_service_code: _Number
