/** Names of headers, params and settings whose values are not shown. */
const secretNames = new Set([
  "apikey",
  "xapikey",
  "appkey",
  "hapikey",
  "key",
  "token",
  "accesstoken",
  "refreshtoken",
  "idtoken",
  "authtoken",
  "apitoken",
  "xauthtoken",
  "auth",
  "authorization",
  "proxyauthorization",
  "cookie",
  "secret",
  "apisecret",
  "clientsecret",
  "consumersecret",
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "privatekey",
  "subscriptionkey",
  "ocpapimsubscriptionkey",
  "signature",
  "sig",
  "session",
  "sessionid",
  "sid",
  "jwt",
  "credential",
  "credentials",
]);

/** Whether a param or header of this name is likely to hold a secret, whatever its spelling (`api_key`, `X-Api-Key`). */
export function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replaceAll(/[-_.\s]/g, ""));
}
