# `make demo` and `make test` do all their own set-up: Node 20.20+, npm and make are enough.
.PHONY: demo quick test test-all build packages check lint figures check-and-lint bench bench-check sim coverage golden generate clean \
	test-thorough test-wagtail test-saleor test-browser test-shells test-package test-format test-linters

NODE_MODULES = node_modules/.package-lock.json
SOURCES = $(shell find src schemas -type f -not -name '*.d.ts') package.json scripts/build.mjs scripts/page-assets.mjs

# What is installed. `make demo` and `make build` need the packages that dist/ is built from (package.json); all other targets
# also those of tools/. npm writes $(NODE_MODULES) last, and only with tools/ it names jest.
TOOLS := $(shell grep -so '"node_modules/jest"' $(NODE_MODULES))
ifeq ($(TOOLS)$(filter-out demo build,$(or $(MAKECMDGOALS),demo)),)
INSTALL = --workspaces=false
INSTALLING = 40 packages for the build (25 MB, some seconds)
else
INSTALLING = all packages for build, tests and linter (470 packages, 215 MB, half a minute)
ifeq ($(TOOLS),)
.PHONY: $(NODE_MODULES)
endif
endif

demo: dist/cli.mjs
	@node dist/cli.mjs demo

# While you edit: types, lint and unit tests. At most 45 s on two cores.
quick: check-and-lint
	npm test -- test/unit

# Everything that is needed to trust a change: at most 5 minutes on two cores.
test: build check-and-lint
	npm test

# The rest, for hours when nobody waits (about 20 minutes). Each target may need a program that .ci/parts installs.
test-all: test test-thorough test-package test-format bench-check coverage test-shells test-browser test-wagtail

# Every random case, every position of a fault and every flipped bit, where `make test` tries some (docs/tests.md). In every
# file that names test/support/draws.ts.
test-thorough: build
	THOROUGH=1 npm test -- --runTestsByPath $$(grep -rl --include='*.test.ts' "support/draws.ts'" test) --testTimeout=1200000

build: dist/cli.mjs

# All packages, and nothing else: `npm pack` needs the compiler for the types.
packages: $(NODE_MODULES)

dist/cli.mjs: $(NODE_MODULES) $(SOURCES)
	@echo 'Building dist/ (some seconds)'
	@node scripts/build.mjs
	@touch dist/cli.mjs

$(NODE_MODULES): package-lock.json
	@echo 'Installing $(INSTALLING)'
	@npm ci $(INSTALL) --ignore-scripts --no-audit --no-fund --no-update-notifier
	@touch $(NODE_MODULES)

check: $(NODE_MODULES)
	npx tsc -p .

lint: $(NODE_MODULES)
	npx biome check --error-on-warnings .

# Layers, cycles, names, sizes: the limits of docs/decisions/layout.md.
figures:
	node scripts/figures.mjs

check-and-lint: $(NODE_MODULES)
	@$(MAKE) --no-print-directory -j2 check lint figures

# Rewrites what tests compare with; read the difference before you commit it.
golden: build
	UPDATE_GOLDEN=1 npm test

generate: $(NODE_MODULES)
	node scripts/generate.mjs

# What a person waits for; a table, and bench.json. SIZES=300,3000,30000,100000 for all sizes (minutes), ROUNDS=11. Beside each
# row is a bare program that does what nobody can do without. With SALEOR_API_URL and SALEOR_TOKEN the network part
# (PARTS=network) runs on that shop: it reads the products that are there, and writes to products of its own that it removes;
# else on a sandbox, NETWORK_SIZES=300,3000,30000 APPLIES=60/300,300/3000. PARTS=flight: apply with several requests in flight
# beside one at a time, on shops of 1, 2 and 4 workers. PEER=1: @saleor/configurator beside plan on such a shop, with PEER_TOKEN,
# which needs all permissions. scripts/bench/fill.mjs fills a test shop. RECORD=1 writes the tables of docs/scale.md; shops of
# several sizes that are measured on one day stand together.
bench: build
	node scripts/bench/main.mjs

# Bytes, requests, and growth of work and memory (no times), compared with scripts/bench/figures.json; UPDATE_FIGURES=1 writes
# that file.
bench-check: build
	node scripts/bench/check.mjs

# What apply promises under faults, at length: SEEDS drawn schedules on all cores, every pair of faults and edits on a plan
# with every kind of step, 100 processes ended by a signal, 50 that race for one lock, 500 products through a shop that fails
# every third request. A million takes hours; in parts: make sim FIRST_SEED=250000 SEEDS=250000.
SEEDS ?= 1000000
FIRST_SEED ?= 0
sim: build
	THOROUGH=1 SEEDS=$(SEEDS) FIRST_SEED=$(FIRST_SEED) npm test -- test/property/apply-simulation.test.ts test/scenarios/process-signals.test.ts test/slow/strained-shop.test.ts test/unit/apply

# Lines and branches of core, diff, plan, approval and apply; limits in scripts/coverage.config.mjs.
coverage: $(NODE_MODULES)
	THOROUGH=1 SEEDS=1000 COVERAGE=1 npm test -- --config scripts/coverage.config.mjs --silent

# The same promises against a real Wagtail (needs Python 3.12 and PyPI) and a real Saleor.
test-wagtail: build
	bash test/slow/wagtail/run.sh

# Needs SALEOR_API_URL and SALEOR_TOKEN; it makes what it needs under a prefix and removes it again (docs/saleor.md).
test-saleor: build
	SAILPLAN_DIST=dist npm test -- --testMatch '**/test/slow/saleor/*.saleor.ts'

# The HTML page in a real Chromium (apt-get install chromium); screenshots are left in artefacts/.
test-browser: build
	npm test -- --testMatch '**/*.browser.ts'

# Completion in a real zsh and fish, the manuals through mandoc and groff (apt-get install zsh fish mandoc groff man-db
# shellcheck bsdextrautils).
test-shells: build
	npm test -- --testMatch '**/*.shells.ts'

# The packed tarball on Node 22 and 24 too; their binaries come from npm.
test-package: build
	bash scripts/package/nodes.sh

# A second reading of the plan format (needs Python 3).
test-format: build
	npm test -- --testMatch '**/*.python.ts'

# actionlint over workflows, shellcheck over shell, reports against their schemas; .ci/parts/70-linters installs the tools.
test-linters: build
	npm test -- --testMatch '**/*.linters.ts'

clean:
	rm -rf dist coverage node_modules
