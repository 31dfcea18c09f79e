using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Reads the certificate for TLS, with its key and the chain that comes with it.</summary>
internal static class CertificateFile
{
    /// <exception cref="Errors.FeedException"><c>CertificateUnusable</c>; what resolving the password throws.</exception>
    public static async Task<X509Certificate2> ReadAsync(ServeSettings settings, ISecretResolver secrets, CancellationToken cancellationToken)
    {
        var file = settings.Certificate!;
        try
        {
            if (settings.CertificateKey is { } key)
            {
                using var pem = X509Certificate2.CreateFromPemFile(file, key);
                // Windows uses no key that is in memory alone.
                return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
            }
            var password = settings.CertificatePassword is { } reference ? await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken) : null;
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, password);
            return certificate.HasPrivateKey ? certificate : throw WorkerErrors.CertificateUnusable(file, "it has no private key", null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw WorkerErrors.CertificateUnusable(file, e is CryptographicException ? "it is no PKCS#12 file or PEM with its key, or the password is another one" : e.Message, e);
        }
    }
}
