import { type FastifyInstance, type FastifyReply } from 'fastify';

/** What browsers run, or take for a page, by any word in it: there are many types of XML, and some take a style sheet for a page. */
const ACTIVE = /html|xml|xsl|svg|pdf|^\s*(?:multipart|message)\//i;

/**
 * The policy for pages that others have written: they are shown, but nothing in them runs, loads anything, or acts with the login of who
 * looks at them.
 */
const STRANGERS =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** Whether browsers run a content type, or take it for a page. */
export function isActive(contentType: string): boolean {
  return ACTIVE.test(contentType);
}

/** Gives the headers to every answer that keep browsers from doing more with it than to show it. A page of the registry sets its policy itself. */
export function protectPages(app: FastifyInstance): void {
  app.addHook('onSend', (...[, reply, payload, done]) => {
    const contentType = String(reply.getHeader('content-type') ?? '');
    if (contentType !== '') reply.header('x-content-type-options', 'nosniff');
    if (isActive(contentType)) protectPage(reply);
    done(null, payload);
  });
}

function protectPage(reply: FastifyReply): void {
  if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', STRANGERS);
  reply.headers({ 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
}
