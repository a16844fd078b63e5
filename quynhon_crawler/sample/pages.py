"""The pages as HTML, one method a kind. ``origin`` is ``http://HOST`` of the request, for canonical links."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from .bodies import body_html
from .desk import Desk
from .frame import Frame, Shown, spelled
from .laws import Law, Shelf
from .listings import PER_PAGE, Module
from .moments import weekday
from .sections import ALL_BRANCHES, PORTAL_NAME, Branch
from .stories import Story


class Pages:
    """Renders every kind of page from what lies on the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._frame = Frame(desk)

    def article(self, story: Story, origin: str) -> bytes:
        drash = Markup('<span class="drash"> | </span>')
        printed = Markup("{}{}{}").format(
            f"{weekday(story.printed)}, {story.printed:%d/%m/%Y}", drash, f"{story.printed:%H:%M}"
        )
        return self._frame.page(
            "article.html",
            origin + story.path,
            spelled(story.title, story),
            story.lead or story.title,
            item_id=story.id,
            keywords=", ".join(story.tags),
            body_class="page-detail",
            lead=spelled(story.lead, story) if story.lead else None,
            trail=story.branch.trail,
            layout=story.layout,
            printed=printed,
            views=story.views,
            image=origin + story.photos[0].thumbnail if story.photos else None,
            # both as the CMS sends them: an offset without colon, and a date with the zone in its middle
            meta_time=f"{story.meta:%Y-%m-%dT%H:%M:%S%z}",
            dc_date=f"{story.meta:%Y-%m-%d}+07{story.meta:%H:%M:%S}",
            creator=story.sign.plain if story.sign.in_meta else "",
            tags=story.tags,
            related=[Shown(other) for other in self._related(story)],
            body=self._body(story),
        )

    def printing(self, story: Story) -> bytes:
        """The print view (``?page=Article.Print.detail``): short, and not the article's own address."""
        return self._frame.fill("printing.html", story=Shown(story), body=self._body(story)).encode()

    def listing(self, branch: Branch, origin: str) -> bytes:
        stories = self._desk.in_branch(branch)
        module = Module(branch.module, branch.category, branch.path, len(stories))
        return self._frame.page(
            "listing.html",
            origin + branch.path,
            branch.title,
            f"{branch.title} - {PORTAL_NAME}",
            trail=branch.trail,
            module=module.number,
            items=self.items(stories[:PER_PAGE], module.number),
            calls=self._frame.calls(module),
        )

    def shelf(self, shelf: Shelf, laws: Sequence[Law], origin: str) -> bytes:
        module = Module(shelf.module, shelf.category, shelf.path, len(laws), type="Article.LegalDocument")
        return self._frame.page(
            "shelf.html",
            origin + shelf.path,
            shelf.title,
            f"{shelf.title} - {PORTAL_NAME}",
            module=module.number,
            path=shelf.path,
            rows=self.rows(laws[:PER_PAGE]),
            calls=self._frame.calls(module),
        )

    def law(self, law: Law, origin: str) -> bytes:
        title = f"{law.kind} {law.number}"
        return self._frame.page("law.html", origin + law.path, title, law.abstract, law=law, item_id=law.id)

    def items(self, stories: Sequence[Story], module: int) -> Markup:
        """The list items alone: what a redraw answers."""
        return self._frame.fill("items.html", stories=[Shown(story) for story in stories], module=module)

    def rows(self, laws: Sequence[Law]) -> Markup:
        """The table rows of legal documents alone."""
        return self._frame.fill("rows.html", laws=laws)

    def home(self, origin: str) -> bytes:
        tops = [branch for branch in ALL_BRANCHES if branch.parent is None and branch.kind == "article"]
        blocks = [
            {
                "module": branch.module,
                "path": branch.path,
                "title": branch.title,
                "news": self.items(self._desk.in_branch(branch)[:5], branch.module),
            }
            for branch in tops
        ]
        calls = self._frame.calls()
        return self._frame.page(
            "home.html", f"{origin}/", PORTAL_NAME, PORTAL_NAME, blocks=blocks, calls=calls, body_class="home"
        )

    def tag(self, tag: str, origin: str) -> bytes:
        inner = self.items(self._desk.tagged(tag), 60)
        return self._plain(f"/tag/{tag}", f"Từ khóa: {tag}", inner, origin)

    def plain(self, path: str, title: str, paragraphs: Sequence[str], origin: str) -> bytes:
        """A page that is no article: about the portal, an error in the portal's dress."""
        inner = Markup("").join(Markup("<p>{}</p>\n").format(text) for text in paragraphs)
        return self._plain(path, title, inner, origin)

    def links(self, path: str, title: str, links: Sequence[tuple[str, str]], origin: str) -> bytes:
        """A page of links: (address, text)."""
        inner = Markup("").join(Markup('<p><a href="{}">{}</a></p>\n').format(*link) for link in links)
        return self._plain(path, title, inner, origin)

    def _plain(self, path: str, title: str, inner: Markup, origin: str) -> bytes:
        return self._frame.page("plain.html", origin + path, title, title, heading=title, inner=inner)

    @staticmethod
    def _body(story: Story) -> Markup:
        return body_html(story.blocks, story.style, story.sign.printed if story.sign.in_body else None)

    def _related(self, story: Story) -> list[Story]:
        """Twelve of the same top section: the next older ones, then the newest."""
        top = story.branch.trail[0]
        same = [
            one for one in self._desk.first_edition if one.branch.trail[0] == top and one.path != story.path
        ]
        older = [one for one in same if one.printed <= story.printed]
        return (older + same)[:12] if len(older) < 12 else older[:12]
