using System.Security.Cryptography.X509Certificates;

namespace PeakS3Feed.Worker.Serve;

/// <summary>What TLS shows of us.</summary>
/// <param name="Certificate">The worker's own, with its key.</param>
/// <param name="Chain">The others of the file, which clients that trust the root alone need to be sent.</param>
internal sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain);
