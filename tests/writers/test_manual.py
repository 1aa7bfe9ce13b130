"""The little Markdown of manual pages."""

from __future__ import annotations

from conda_preflight.writers.manual import manual

PAGE = """A title with `code` and **weight**

Two lines
of one paragraph, `a **b** c`.

## Fails <b>

```yaml
- a: <script>
## no heading

```

- one
- two, and
  its end
1. three

<img src=x> [text](javascript:alert(1))
"""


def test_blocks():
    assert manual(PAGE).split("\n") == [
        "<p>A title with <code>code</code> and <strong>weight</strong></p>",
        "<p>Two lines of one paragraph, <code>a **b** c</code>.</p>",
        "<h5>Fails &lt;b&gt;</h5>",
        '<pre tabindex="0"><code>- a: &lt;script&gt;',
        "## no heading",
        "</code></pre>",
        "<ul><li>one</li><li>two, and its end</li><li>three</li></ul>",
        "<p>&lt;img src=x&gt; [text](javascript:alert(1))</p>",
    ]


def test_an_open_fence_ends_with_the_page():
    assert manual("```\na") == '<pre tabindex="0"><code>a</code></pre>'
