/** Every variable that the program reads, with its effect. Secrets are read only from these. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  SALEOR_API_URL: 'GraphQL address of the shop; overrides the config file',
  SALEOR_CHANNEL_SLUG:
    'slug of a channel; it must exist. It is part of a plan’s target, and published products are counted in it. Nothing is written to it: Saleor has no metadata on channel listings',
  SALEOR_TOKEN: 'token of a Saleor app; a secret',
  SALEOR_TOKEN_FILE:
    'path of a file with the token, as Docker, Kubernetes and systemd mount secrets; NAME_FILE works for every secret, also for those that --header-env names',
  WAGTAIL_URL: 'address of Wagtail’s API v2; overrides the config file',
  WAGTAIL_TOKEN: 'token for the site, with its scheme unless that is Token; a secret',
  WAGTAIL_V3_TOKEN: 'token for the site’s API v3, if the config names one; a secret',
  CAPABILITY_REGISTRY_TOKEN:
    'token for the Capability Registry, with its scheme unless that is Bearer; a secret',
  CONTROL_PLANE_TOKEN: 'the same for the list of the Control Plane; a secret',
  SAILPLAN_ALLOWED_ORIGINS:
    'origins named only by the config file that sailplan may contact and send a token to, each with its side (saleor, wagtail, registry, control_plane): saleor=https://shop.example.com,wagtail=https://cms.example.com',
  XDG_CONFIG_HOME:
    'folder of sailplan/allowed-origins, the list of origins allowed on this machine (default: ~/.config)',
  XDG_CACHE_HOME: 'folder of sailplan/lists, where lists of ids are kept for their ETag (default: ~/.cache)',
  HOME: 'home directory, for ~/.config and ~/.cache; USERPROFILE on Windows',
  USERPROFILE: 'the same on Windows',
  SAILPLAN_ARCHIVE_KEY: 'path of the SSH key that signs archive lines',
  SAILPLAN_USER:
    'name of the person who plans or applies, for provenance.json and the archive; default: the account’s name',
  SAILPLAN_DEBUG: 'print the stack of an internal error',
  GITHUB_TOKEN:
    'ci: token of GitHub, for pull requests, comments, issues and pushes; a secret. GH_TOKEN is read in its place',
  GH_TOKEN: 'the same, where GITHUB_TOKEN is not set; a secret',
  GITLAB_TOKEN: 'ci: token of GitLab with the scope api, for the same; a secret',
  GITHUB_API_URL:
    'ci: address of GitHub’s API. GitHub Actions sets it, and GITHUB_ACTIONS, GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_REF, GITHUB_RUN_ID, GITHUB_OUTPUT and GITHUB_STEP_SUMMARY, which are read too',
  CI_API_V4_URL:
    'ci: address of GitLab’s API. GitLab CI sets it, and GITLAB_CI, CI_PROJECT_ID, CI_PROJECT_URL, CI_SERVER_URL, CI_DEFAULT_BRANCH, CI_MERGE_REQUEST_IID, CI_MERGE_REQUEST_REF_PATH and CI_JOB_URL, which are read too',
  HTTPS_PROXY: 'proxy for https addresses; HTTP_PROXY for http, NO_PROXY for hosts to reach directly',
  NODE_OPTIONS: 'options of Node, for example its memory limit',
  NODE_EXTRA_CA_CERTS: 'file with additional certificate authorities, read by Node',
  GITHUB_ACTIONS: 'true, as GitHub’s runner sets it: the message of a failed command is an annotation too',
  SAILPLAN_JUNIT: 'ci plan, check and drift: file to which they write what they found, as JUnit XML',
  GITHUB_STEP_SUMMARY: 'file to which --format github appends its Markdown; set by GitHub’s runner',
  GITLAB_CI: 'true, as GitLab’s runner sets it',
  NO_COLOR: 'no colours if set to any value',
  FORCE_COLOR: 'colours even if the output is not a terminal; 0: none',
  TERM: 'dumb: no colours and no pager',
  PAGER: 'command that shows long texts on a terminal (default: less -FRX)',
  SAILPLAN_PAGER: 'the same, for sailplan only; empty or cat: no pager',
};
