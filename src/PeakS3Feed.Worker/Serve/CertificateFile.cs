using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Reads the certificate for TLS, with its key and the chain that comes with it.</summary>
internal static class CertificateFile
{
    /// <exception cref="Errors.FeedException"><c>CertificateUnusable</c>; what resolving the password throws.</exception>
    public static async Task<ServerCertificate> ReadAsync(ServeSettings settings, ISecretResolver secrets, CancellationToken cancellationToken)
    {
        var file = settings.Certificate!;
        try
        {
            if (settings.CertificateKey is { } key)
                return ReadPem(file, key);
            var password = settings.CertificatePassword is { } reference
                ? await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken) : null;
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password);
            return all.FirstOrDefault(c => c.HasPrivateKey) is { } own
                ? new(own, Others(all, own))
                : throw WorkerErrors.CertificateUnusable(file, "it has no private key", null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw WorkerErrors.CertificateUnusable(file, e is CryptographicException
                ? "it is neither a PKCS#12 file nor a PEM file with its key, or the password is wrong" : e.Message, e);
        }
    }

    private static ServerCertificate ReadPem(string file, string key)
    {
        using var pem = X509Certificate2.CreateFromPemFile(file, key);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file);
        // Windows cannot use a key that is only in memory.
        return new(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null), Others(all, pem));
    }

    private static X509Certificate2Collection Others(X509Certificate2Collection all, X509Certificate2 own)
        => [.. all.Where(c => !c.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span))];
}

/// <summary>The certificates that TLS presents.</summary>
/// <param name="Certificate">The worker's certificate, with its key.</param>
/// <param name="Chain">The intermediate certificates of the file, for clients that trust only the root.</param>
internal sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain);
