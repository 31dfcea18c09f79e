using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PeakS3Feed.TestServers.S3;

/// <summary>Certificates that sign themselves.</summary>
public static class TestCertificate
{
    /// <summary>One for a host.</summary>
    /// <param name="host">A name, or an address.</param>
    /// <param name="fromDay">When it begins, in days from now.</param>
    /// <param name="toDay">When it ends, in days from now.</param>
    public static X509Certificate2 Create(string host, int fromDay, int toDay)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(fromDay), DateTimeOffset.UtcNow.AddDays(toDay));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), password: null);
    }
}
