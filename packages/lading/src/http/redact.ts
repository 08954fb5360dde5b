import { isSecretName } from "../config/secret-name.ts";

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
