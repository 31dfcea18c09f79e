using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>A certificate for this machine, signed by an authority that another one vouches for.</summary>
internal sealed class CertificateChain : IDisposable
{
    private readonly DateTimeOffset _today = new(DateTime.UtcNow.Date, TimeSpan.Zero);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _between;
    private readonly X509Certificate2 _own;

    public CertificateChain()
    {
        _root = Sign("CN=Root of the tests", null);
        _between = Sign("CN=Intermediate of the tests", _root);
        _own = Sign("CN=localhost", _between);
    }

    /// <summary>Writes it with the one between it and the root: as PEM with the key beside it, or all in a PKCS#12 file.</summary>
    public void Write(string file, string? keyFile)
    {
        if (keyFile is null)
        {
            using var between = X509CertificateLoader.LoadCertificate(_between.RawData);
            File.WriteAllBytes(file, new X509Certificate2Collection { _own, between }.Export(X509ContentType.Pkcs12)!);
            return;
        }
        File.WriteAllText(file, $"{_own.ExportCertificatePem()}\n{_between.ExportCertificatePem()}\n");
        using var key = _own.GetECDsaPrivateKey()!;
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>What somebody believes who knows nothing but the root, and asks nobody else.</summary>
    public X509ChainPolicy TrustInRoot() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _root },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    public void Dispose()
    {
        _root.Dispose();
        _between.Dispose();
        _own.Dispose();
    }

    private X509Certificate2 Sign(string name, X509Certificate2? by)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(name != "CN=localhost", hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var (from, until) = (_today.AddDays(-1), _today.AddDays(2));
        if (by is null)
            return request.CreateSelfSigned(from, until);
        using var bare = request.Create(by, from, until, RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
