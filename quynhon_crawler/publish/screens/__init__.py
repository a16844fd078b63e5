"""One screen a file: ``async def show(visit) -> Response``."""
