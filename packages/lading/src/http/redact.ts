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

/** A URL as it may be shown: without user info, the values of secret-looking params as `***`. */
export function redactUrl(url: string): string {
  const bare = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
  const mark = bare.indexOf("?");
  if (mark < 0) return bare;
  const query = bare.slice(mark + 1).replaceAll(/([^&=#]+)=([^&#]*)/g, (pair: string, name: string) => {
    return isSecretName(safeDecode(name)) ? `${name}=***` : pair;
  });
  return `${bare.slice(0, mark + 1)}${query}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
