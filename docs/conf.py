"""Settings of the documentation's build: ``sphinx-build -W -n -b html docs docs/_build/html``."""

from importlib.metadata import version as version_of

project = "Wushu 五数"
author = "the Wushu contributors"
project_copyright = "the Wushu contributors, Apache-2.0"
release = version = version_of("wushu")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 4
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
language = "en"
nitpicky = True

html_theme = "furo"
html_title = "Wushu 五数"
html_show_sourcelink = False
html_theme_options = {
    # The colours and the type of design: ink on paper, one blue, the system's Chinese fonts.
    "light_css_variables": {
        "color-brand-primary": "#0b5394",
        "color-brand-content": "#0b5394",
        "color-background-primary": "#fbfaf7",
        "color-foreground-primary": "#17212b",
        "font-stack": (
            "'Source Han Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"
        ),
    },
}
