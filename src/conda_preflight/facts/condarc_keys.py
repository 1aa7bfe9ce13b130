"""The settings that a ``.condarc`` can hold, and other names of the same setting.

Sources: conda's documentation "Settings" and ``conda config --describe`` (conda 26.x), mamba's
documentation "Configuration" (``mamba config describe``, mamba 2.x), conda-build's and the
Anaconda plugins' own documentation.
"""

from __future__ import annotations

_CONDA = """
    add_anaconda_token add_pip_as_python_dependency aggressive_update_packages
    allow_conda_downgrades allow_cycles allow_non_channel_urls allow_softlinks
    allowlist_channels always_copy always_softlink always_yes anaconda_upload auto_activate
    auto_stack auto_update_conda bld_path changeps1 channel_alias channel_priority
    channel_settings channels client_ssl_cert client_ssl_cert_key clobber conda_build console
    create_default_packages croot custom_channels custom_multichannels debug
    default_activation_env default_channels default_python default_threads denylist_channels
    deps_modifier dev disallowed_packages download_only dry_run enable_private_envs env_prompt
    environment_specifier envs_dirs envvars_force_uppercase error_upload_url exclude_newer
    exclude_newer_package execute_threads experimental export_platforms extra_safety_checks
    fetch_threads force force_32bit force_reinstall force_remove ignore_pinned json list_fields
    local_repodata_ttl migrated_channel_aliases migrated_custom_channels no_lock no_plugins
    non_admin_enabled notify_outdated_conda number_channel_notices offline
    override_channels_enabled override_virtual_packages path_conflict pinned_packages pkgs_dirs
    plugins prefix_data_interoperability preview protect_frozen_envs proxy_servers quiet
    register_envs remote_backoff_factor remote_connect_timeout_secs remote_max_retries
    remote_read_timeout_secs repodata_fns repodata_threads repodata_use_shards
    repodata_use_zst report_errors rollback_enabled root_prefix safety_checks sat_solver
    separate_format_cache shortcuts shortcuts_only show_channel_urls signing_metadata_url_base
    solver solver_ignore_timestamps ssl_verify subdir subdirs target_prefix_override trace
    track_features unsatisfiable_hints unsatisfiable_hints_check_depth update_modifier
    use_index_cache use_local use_only_tar_bz2 verbosity verify_threads
"""

_MAMBA = """
    allow_downgrade allow_uninstall cacert_path compile_pyc download_threads extract_threads
    lock_timeout log_backtrace log_level log_pattern mamba_repodata_parsing mirrored_channels
    no_py_pin order_solver_request platform repodata_has_zst repodata_shards_threads
    repodata_shards_ttl shell_completion show_anaconda_channel_warnings skip_run_link_scripts
    ssl_no_revoke trusted_channels use_lockfiles use_sharded_repodata use_uv verify_artifacts
"""

CONDA = frozenset(_CONDA.split())
MAMBA = frozenset(_MAMBA.split())
"""Settings of mamba and micromamba that conda does not have."""

PLUGINS = frozenset(("anaconda_anon_usage", "anaconda_heartbeat"))
"""Settings of Anaconda's plugins at the top level of the file."""

ALIASES = {
    "add_binstar_token": "add_anaconda_token",
    "auto_activate_base": "auto_activate",
    "binstar_upload": "anaconda_upload",
    "channel": "channels",
    "client_cert": "client_ssl_cert",
    "client_cert_key": "client_ssl_cert_key",
    "conda-build": "conda_build",
    "cooldown": "exclude_newer",
    "cooldown_exclude": "exclude_newer_package",
    "copy": "always_copy",
    "disallow": "disallowed_packages",
    "env_spec": "environment_specifier",
    "envs_path": "envs_dirs",
    "experimental_solver": "solver",
    "extra_platforms": "export_platforms",
    "pip_interop_enabled": "prefix_data_interoperability",
    "root_dir": "root_prefix",
    "self_update": "auto_update_conda",
    "softlink": "always_softlink",
    "verbose": "verbosity",
    "verify_ssl": "ssl_verify",
    "virtual_packages": "override_virtual_packages",
    "whitelist_channels": "allowlist_channels",
    "yes": "always_yes",
}
"""Other names, and the names that conda shows for them."""

KEYS = CONDA | MAMBA | PLUGINS
"""Every canonical name of a setting that some tool reads."""


def canonical(key: str) -> str:
    """The name that conda shows for a setting, whatever alias the file uses."""
    return ALIASES.get(key, key)
