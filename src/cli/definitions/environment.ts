/** Every variable that the program reads, with its effect. Secrets are read from nowhere else. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  SALEOR_API_URL: 'GraphQL address of the shop; goes before the config file',
  SALEOR_CHANNEL_SLUG:
    'slug of a channel: it must exist, is part of a plan’s target, and products are counted as published in it; nothing is written there, since Saleor has no metadata on channel listings',
  SALEOR_TOKEN: 'token of a Saleor app; a secret',
  SALEOR_TOKEN_FILE:
    'path of a file that holds it, as Docker, Kubernetes and systemd mount secrets (NAME_FILE works for each secret here, and for those that --header-env names)',
  WAGTAIL_URL: 'address of Wagtail’s API v2; goes before the config file',
  WAGTAIL_TOKEN: 'token for the site, with its scheme if that is not Token; a secret',
  WAGTAIL_V3_TOKEN: 'token for the site’s API v3, where the config names one; a secret',
  SAILPLAN_ALLOWED_ORIGINS:
    'origins from the config file that may be asked and to which a token may go, each with its side: saleor=https://shop.example.com,wagtail=https://cms.example.com',
  XDG_CONFIG_HOME:
    'folder of sailplan/allowed-origins, the origins that were allowed on this machine (default: ~/.config)',
  HOME: 'where ~/.config is; USERPROFILE on Windows',
  USERPROFILE: 'the same on Windows',
  SAILPLAN_ARCHIVE_KEY: 'path of an SSH key that signs the lines of the archive',
  SAILPLAN_USER:
    'who made or applied a plan, as provenance.json and the archive call it; else the account’s name',
  SAILPLAN_DEBUG: 'a bug’s stack instead of one line',
  HTTPS_PROXY: 'proxy for https addresses (also HTTP_PROXY, and NO_PROXY for what goes directly)',
  NODE_EXTRA_CA_CERTS: 'Node’s own: file with further certificate authorities, e.g. a company’s',
  NO_COLOR: 'no colours, whatever its value',
  FORCE_COLOR: 'colours, also where the output is no terminal; 0: none',
  TERM: 'dumb: no colours',
};
