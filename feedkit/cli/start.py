"""The commented feedkit.toml that `feedkit init` writes."""

START = """\
# What `feedkit build` makes feeds of, and where it puts them.
# Commented keys of [site] show their defaults, but for hub and author; all others are examples.

[site]
title = "My feeds"                      # title of the feed of all posts
url = "https://feeds.example/"          # the address `out` is served under: yours
# id = "https://feeds.example/"         # what feed ids begin with: the url of the first build
# out = "public"                        # where the feeds are written
# state = ".feedkit.db"                 # what earlier runs knew: keep it
# formats = ["atom", "rss"]
# limit = 50                            # posts in a feed
# content = "full"                      # or "excerpt"
# embeds = "link"                       # players in posts become links; or "keep"
# language = "en"
# timezone = "UTC"                      # for dates that name none
# hub = "https://hub.example/"          # a WebSub hub that changed feeds are announced to
# author = { name = "…", email = "…", url = "…" }

[fetch]                                 # what servers wish counts within these
# every = "30m"                         # no source is asked for more often
# within = "1d"                         # and none is left alone longer

[[source]]                              # as many as you like
name = "blog"                           # ids of its posts depend on it: keep it for good
url = "https://blog.example/feed.xml"   # or path = "a file, a folder or a glob"
# tags = ["backend"]                    # added to each of its posts
# link = "https://blog.example/{published:%Y/%m}/{slug}/"    # for posts without one
# timezone = "Europe/Stockholm"
# limit = 200                           # its newest posts only
# fail_after = "3d"                     # how long it may fail before the exit code says so
# every = "30m"                         # it is asked for no more often than this
# headers = { Cookie = "{env:COOKIE}" } # sent to its own origin only
# auth = "name:{env:PASSWORD}"          # from the environment, for basic authentication
# private = true                        # its address may be one that is not public
# pages = 5                             # of a page that lists posts: read older ones, too
# prefer = "feed"                       # of a page that announces a feed: take the feed
# selectors = { item = "li.post", title = "h2", date = "time" }    # where a page's posts are

[tags]
# aliases = { k8s = "kubernetes" }
# only = []                             # the tags that get a feed; none: all
# ignore = ["uncategorized"]            # the tags that get none
# min_posts = 1

# [[feed]]                              # a feed of its own for what an expression picks
# name = "platform"
# title = "Platform"
# where = 'backend and not "podcast episode"'
"""
