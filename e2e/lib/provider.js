// SPDX-License-Identifier: EUPL-1.2
//
// A certified provider of identities (npm oidc-provider), as a gateway to SPID and CIE would be: people
// say who they are in a form, with the level of trust that they were asked for or a lower one.
import { Provider } from "oidc-provider";

// provider listens on a free port and knows one client, whose way back is redirect.
export async function provider() {
  const server = await new Promise((resolve) => {
    const one = import("node:http").then(({ createServer }) => {
      const s = createServer().listen(0, "127.0.0.1", () => resolve(s));
      return s;
    });
    void one;
  });
  const issuer = `http://localhost:${server.address().port}`;
  const levels = ["https://www.spid.gov.it/SpidL1", "https://www.spid.gov.it/SpidL2"];
  const seen = [];
  const open = (redirect) => {
    const op = new Provider(issuer, {
      clients: [{ client_id: "approdo", client_secret: "a secret for tests alone", redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"] }],
      acrValues: levels,
      claims: { openid: ["sub"], acr: null, auth_time: null },
      conformIdTokenClaims: false,
      pkce: { required: () => true, methods: ["S256"] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, interaction) => `/say/${interaction.uid}` },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, email: "body-administrator@rete.example", email_verified: true }) }),
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    });
    const callback = op.callback();
    server.on("request", async (request, response) => {
      const url = new URL(request.url, issuer);
      seen.push(url);
      if (!url.pathname.startsWith("/say/")) return callback(request, response);
      const details = await op.interactionDetails(request, response);
      const sub = url.searchParams.get("who");
      if (!sub) {
        response.setHeader("Content-Type", "text/html");
        return response.end(`<form><input name="who" id="who"><input name="acr" id="acr" value="${levels[1]}"><button>ok</button></form>`);
      }
      const grant = new op.Grant({ accountId: sub, clientId: details.params.client_id });
      grant.addOIDCScope("openid");
      await op.interactionFinished(request, response, { login: { accountId: sub, acr: url.searchParams.get("acr"), amr: ["pwd"] }, consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: false });
    });
  };
  return { issuer, levels, seen, open, close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }) };
}
