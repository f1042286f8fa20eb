"""The command target-gong-crm."""


def main() -> None:
    """Run the target, or say what has to be installed for it."""
    try:
        from gong_crm.adapters.singer import main as run  # noqa: PLC0415  (an extra)
    except ImportError as problem:
        raise SystemExit(f"target-gong-crm: {problem}") from None
    run()
