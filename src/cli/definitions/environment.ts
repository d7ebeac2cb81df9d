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
  SAILPLAN_ALLOWED_ORIGINS:
    'origins named only by the config file that sailplan may contact and send a token to, each with its side: saleor=https://shop.example.com,wagtail=https://cms.example.com',
  XDG_CONFIG_HOME:
    'folder of sailplan/allowed-origins, the list of origins allowed on this machine (default: ~/.config)',
  HOME: 'home directory, for ~/.config; USERPROFILE on Windows',
  USERPROFILE: 'the same on Windows',
  SAILPLAN_ARCHIVE_KEY: 'path of the SSH key that signs archive lines',
  SAILPLAN_USER:
    'name of the person who plans or applies, for provenance.json and the archive; default: the account’s name',
  SAILPLAN_DEBUG: 'print the stack of an internal error',
  HTTPS_PROXY: 'proxy for https addresses; HTTP_PROXY for http, NO_PROXY for hosts to reach directly',
  NODE_EXTRA_CA_CERTS: 'file with additional certificate authorities, read by Node',
  GITHUB_ACTIONS: 'true, as GitHub’s runner sets it: the message of a failed command is an annotation too',
  GITHUB_STEP_SUMMARY: 'file to which --format github appends its Markdown; set by GitHub’s runner',
  NO_COLOR: 'no colours if set to any value',
  FORCE_COLOR: 'colours even if the output is not a terminal; 0: none',
  TERM: 'dumb: no colours and no pager',
  PAGER: 'command that shows long texts on a terminal (default: less -FRX)',
  SAILPLAN_PAGER: 'the same, for sailplan only; empty or cat: no pager',
};
