/** The page's whole style; its hash stands in the page's policy, so nothing else can style it. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f4f6f9;--panel:#fff;--raise:#fafbfd;--ink:#13202f;--muted:#5a6a7c;--line:#e1e7ee;--accent:#0a6b8a;--accent-bg:#e2f2f7;
--create:#0b7549;--create-bg:#e2f5eb;--update:#8a5700;--update-bg:#fcf2da;--delete:#b1251c;--delete-bg:#fdeae8;--hazard:#b3410a;--hazard-bg:#fdeee3;--cause:#5b3fa8;--cause-bg:#efeafb;
--shadow:0 1px 2px rgba(16,32,48,.06),0 4px 16px rgba(16,32,48,.05);--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--bg:#0b121c;--panel:#121b28;--raise:#172232;--ink:#e4ecf5;--muted:#93a5b9;--line:#233042;--accent:#57c5e2;--accent-bg:#0f2c38;
--create:#56d79a;--create-bg:#0e2c1f;--update:#f0c052;--update-bg:#2e250f;--delete:#ff8d84;--delete-bg:#391816;--hazard:#ff9d5c;--hazard-bg:#371e0e;--cause:#b9a4f7;--cause-bg:#221b3b;--shadow:0 1px 2px rgba(0,0,0,.4)}}
:root[data-theme=dark]{color-scheme:dark;--bg:#0b121c;--panel:#121b28;--raise:#172232;--ink:#e4ecf5;--muted:#93a5b9;--line:#233042;--accent:#57c5e2;--accent-bg:#0f2c38;
--create:#56d79a;--create-bg:#0e2c1f;--update:#f0c052;--update-bg:#2e250f;--delete:#ff8d84;--delete-bg:#391816;--hazard:#ff9d5c;--hazard-bg:#371e0e;--cause:#b9a4f7;--cause-bg:#221b3b;--shadow:0 1px 2px rgba(0,0,0,.4)}
:root[data-theme=light]{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased}
code,.mono{font:.867em/1.5 var(--mono);overflow-wrap:anywhere}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
h1,h2,h3,p,ul,dl,dd,table{margin:0;padding:0}ul{list-style:none}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;z-index:9;background:var(--panel);padding:6px 10px}
.bar{background:var(--panel);border-bottom:1px solid var(--line)}
.in{max-width:1160px;margin:0 auto;padding:0 24px}
.bar .in{display:flex;align-items:center;gap:14px;height:52px}
.logo{display:flex;align-items:center;gap:9px;font-weight:650;letter-spacing:-.01em}
.logo svg{width:20px;height:20px;fill:var(--accent)}
.bar .where{color:var(--muted);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;flex:1;text-align:right}
button,select,input{font:inherit;color:inherit}
.btn{background:var(--panel);border:1px solid var(--line);border-radius:7px;padding:4px 11px;cursor:pointer;font-size:.9em}.btn:hover{border-color:var(--accent)}
.js-only{display:none}.js .js-only{display:revert}
header.hero{padding:34px 0 8px}
.hero h1{font-size:1.75rem;line-height:1.25;letter-spacing:-.02em;font-weight:680;text-wrap:balance}
.verdict{display:inline-flex;gap:8px;align-items:baseline;margin:0 0 12px;padding:4px 12px;border-radius:9px;font-weight:600;font-size:.9em}
.v-ready,.v-no_changes,.v-converged{background:var(--create-bg);color:var(--create)}.v-hazards,.v-planned{background:var(--hazard-bg);color:var(--hazard)}.doubt{margin:0 0 10px;padding:8px 14px;border-radius:9px;background:var(--delete-bg);color:var(--delete);font-weight:600}.v-errored,.v-altered,.v-incomplete{background:var(--delete-bg);color:var(--delete)}.v-planned{background:var(--accent-bg);color:var(--accent)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:3px 18px;margin:18px 0 0;font-size:.93em}.facts dt{color:var(--muted)}.facts dd{overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(138px,1fr));gap:12px;margin:24px 0 8px}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:13px 16px;box-shadow:var(--shadow);color:inherit;display:block}
.tile b{display:block;font-size:1.65rem;line-height:1.15;font-weight:680;letter-spacing:-.02em;font-variant-numeric:tabular-nums}.tile span{color:var(--muted);font-size:.88em}
a.tile:hover{text-decoration:none;border-color:var(--accent)}
.tile.create b{color:var(--create)}.tile.update b{color:var(--update)}.tile.delete b{color:var(--delete)}.tile.hazard b{color:var(--hazard)}.tile.zero b{color:var(--muted)}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow);margin:16px 0;overflow:clip}
.panel>h2,.panel>summary{font-size:1rem;font-weight:640;padding:13px 18px;display:flex;gap:10px;align-items:center}
.panel>h2+*,.panel>summary+*{border-top:1px solid var(--line)}
.panel>summary{cursor:pointer;list-style:none}.panel>summary::-webkit-details-marker{display:none}.panel>summary::before{content:"";border:solid var(--muted);border-width:0 1.5px 1.5px 0;width:6px;height:6px;transform:rotate(-45deg);transition:transform .12s}.panel[open]>summary::before{transform:rotate(45deg)}
.n{background:var(--bg);color:var(--muted);border-radius:99px;padding:0 9px;font-size:.82em;font-weight:600;font-variant-numeric:tabular-nums}
.list>li{padding:11px 18px;border-top:1px solid var(--line)}.list>li:first-child{border-top:0}
.list p{color:var(--muted);font-size:.93em}.list .why{margin-top:2px}
.refs{display:flex;flex-wrap:wrap;gap:4px 14px;margin-top:5px;font-size:.92em}
.tag{display:inline-block;border-radius:5px;padding:0 7px;font-size:.78em;font-weight:600;line-height:1.65;white-space:nowrap}
.tag.hazard{background:var(--hazard-bg);color:var(--hazard)}.tag.cause{background:var(--cause-bg);color:var(--cause)}.tag.error,.tag.failed,.tag.unknown{background:var(--delete-bg);color:var(--delete)}.tag.warning,.tag.skipped,.tag.not_attempted{background:var(--update-bg);color:var(--update)}.tag.applied,.tag.already{background:var(--create-bg);color:var(--create)}.tag.planned{background:var(--accent-bg);color:var(--accent)}
.told{border-top:1px solid var(--line)}.told:first-child{border-top:0}.told>summary{cursor:pointer;padding:8px 18px}.told>.list{border-top:1px solid var(--line);background:var(--raise)}
.hint{color:var(--muted);font-size:.9em;padding:10px 18px;background:var(--raise)}
details.more>summary{cursor:pointer;color:var(--accent);padding:9px 18px;font-size:.92em;border-top:1px solid var(--line)}
h2.big{font-size:1.2rem;letter-spacing:-.01em;margin:34px 0 0}
.filters{position:sticky;top:0;z-index:3;background:var(--bg);padding:12px 0 10px;display:none}.js .filters{display:block}
.find,.by{display:flex;gap:8px;align-items:center}.by{margin-top:8px;flex-wrap:wrap}.find .btn{padding:7px 12px}
.find input{flex:1;min-width:120px;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:7px 12px}
.by select{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:5px 7px;max-width:176px;font-size:.92em}
.by select.on{border-color:var(--accent);color:var(--accent);font-weight:600}
.shown{color:var(--muted);font-size:.9em;font-variant-numeric:tabular-nums;min-width:112px;text-align:right}
.group h3{font-size:.95rem;margin:18px 0 8px;display:flex;gap:10px;align-items:center}
.rows{background:var(--panel);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow);overflow:clip}
.c{border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 44px}.c:first-child{border-top:0}.c{scroll-margin-top:118px}
.c>summary{display:flex;gap:10px;align-items:center;padding:9px 18px;cursor:pointer;list-style:none;min-height:44px}.c>summary::-webkit-details-marker{display:none}
.c>summary:hover{background:var(--raise)}.c>summary:focus-visible{outline-offset:-2px}
.c[open]>summary{background:var(--raise)}.c:target>summary{box-shadow:inset 3px 0 0 var(--accent)}
.g{flex:none;width:21px;height:21px;border-radius:6px;display:grid;place-items:center;font:700 14px/1 var(--mono)}
.create>summary>.g{background:var(--create-bg);color:var(--create)}.update>summary>.g{background:var(--update-bg);color:var(--update)}.delete>summary>.g{background:var(--delete-bg);color:var(--delete)}
.t{font-weight:600;flex:0 1 auto;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:42%;unicode-bidi:isolate}
.r{color:var(--muted);flex:0 1 auto;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font:.84em var(--mono)}
.gist{color:var(--muted);font-size:.88em;margin-left:auto;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;flex:0 9 auto;min-width:0}
.c .tag{flex:none}
.body{padding:4px 18px 20px 49px;background:var(--raise)}
.id{display:flex;flex-wrap:wrap;gap:2px 20px;font-size:.88em;color:var(--muted);padding:2px 0 12px}.id b{font-weight:500;color:var(--ink);unicode-bidi:isolate;overflow-wrap:anywhere}
table.d{width:100%;border-collapse:separate;border-spacing:0;background:var(--panel);border:1px solid var(--line);border-radius:9px;table-layout:fixed;font-size:.93em;overflow:hidden}
.d th{font-weight:500;text-align:left;vertical-align:top}.d thead th{color:var(--muted);font-size:.82em;padding:6px 12px;border-bottom:1px solid var(--line)}
.d thead th:first-child{width:25%}.d tbody th{padding:7px 12px}.d tbody th small{display:block;margin:0;overflow-wrap:anywhere}
.d td{padding:7px 12px;vertical-align:top;border-left:1px solid var(--line);overflow-wrap:anywhere}.d tbody tr+tr>*{border-top:1px solid var(--line)}
.d td p{unicode-bidi:isolate;white-space:pre-wrap;overflow-wrap:anywhere}.d td i{color:var(--muted)}
mark{background:var(--update-bg);color:inherit;border-radius:3px;padding:0 1px}.d td:nth-child(2) mark{background:var(--delete-bg)}.d td:nth-child(3) mark{background:var(--create-bg)}
.d td>span,.d del,.d ins{display:inline-block;margin:1px 5px 3px 0;padding:0 8px;border-radius:6px;background:var(--bg);line-height:1.7;unicode-bidi:isolate;overflow-wrap:anywhere;max-width:100%;text-decoration-thickness:1px}.d small{color:var(--muted);font:.82em var(--mono);margin-left:5px;display:inline-block}
.d ins{background:var(--create-bg);color:var(--create);text-decoration:none}.d del{background:var(--delete-bg);color:var(--delete)}.d ins small,.d del small{color:inherit;opacity:.75}.d ins::before{content:"+ "}.d del::before{content:"− ";display:inline-block;white-space:pre}
.foot{color:var(--muted);font-size:.88em;padding-top:9px}
.cards{display:grid;grid-template-columns:1fr 24px 1fr;gap:10px;align-items:center;margin:16px 0 0;max-width:760px}.cards .to{color:var(--muted);text-align:center}
.card{background:var(--panel);border:1px solid var(--line);border-radius:14px;overflow:clip;box-shadow:var(--shadow);align-self:stretch;display:flex;flex-direction:column}
.card .img{height:66px;padding:9px 14px;display:flex;align-items:flex-end;background:linear-gradient(135deg,var(--accent-bg),var(--cause-bg));color:var(--muted);font:.72em var(--mono);overflow:hidden;overflow-wrap:anywhere}
.card .in2{padding:12px 14px 13px;display:flex;flex-direction:column;gap:5px;flex:1}
.card .cat{font-size:.74em;text-transform:uppercase;letter-spacing:.06em;color:var(--accent);font-weight:650;min-height:1.2em}
.card h4{margin:0;font-size:1.02em;unicode-bidi:isolate;overflow-wrap:anywhere}.card .tl{color:var(--muted);font-size:.92em;min-height:1.4em;unicode-bidi:isolate;overflow-wrap:anywhere}
.card .bs{display:flex;flex-wrap:wrap;gap:4px;min-height:1.6em}.card .b{font-size:.76em;border:1px solid var(--line);border-radius:99px;padding:0 8px;line-height:1.8}
.card .cr{display:flex;justify-content:space-between;gap:8px;font-size:.85em;color:var(--muted);margin-top:auto;padding-top:5px}.card .cr b{color:var(--ink);font-weight:650;overflow-wrap:anywhere}
.new{box-shadow:0 0 0 2px var(--create-bg);background:var(--create-bg);border-radius:4px}.old{box-shadow:0 0 0 2px var(--delete-bg);background:var(--delete-bg);border-radius:4px}
.cap{font-size:.76em;color:var(--muted);text-transform:uppercase;letter-spacing:.06em;margin:14px 0 -8px}
.nothing{padding:44px 18px;text-align:center;color:var(--muted)}
footer{color:var(--muted);font-size:.87em;padding:26px 0 60px;overflow-wrap:anywhere}kbd{font:.85em var(--mono);border:1px solid var(--line);border-bottom-width:2px;border-radius:5px;padding:0 5px;background:var(--panel);color:var(--ink)}
[hidden]{display:none!important}
@media (max-width:720px){.in{padding:0 14px}.c>summary{flex-wrap:wrap;gap:4px 9px}.t{max-width:80%}.gist{display:none}.r{flex-basis:100%;order:9}.body{padding-left:14px;padding-right:14px}.cards{grid-template-columns:1fr}.cards .to{transform:rotate(90deg)}.facts{grid-template-columns:1fr}.facts dt{margin-top:6px}.filters{position:static}.bar .where{display:none}.bar .in{justify-content:space-between}}
@media print{.filters,.bar button{display:none!important}.c{content-visibility:visible}body{background:#fff}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
