using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Watchers;

/// <summary>Debian's python3-aiosmtpd on a port of its own, with a certificate for localhost that only <see cref="Trusts"/> trusts.</summary>
internal sealed class SmtpServer : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly X509Certificate2 _certificate = TestCertificate.Create("localhost", -1, 1);
    private readonly Process _process;

    private SmtpServer(string mode)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { Repository.PathOf("tests/servers/smtp.py"), mode, _folder.Sub("mail"), "0", Write("server.crt", _certificate.ExportCertificatePem()), Write("server.key", _certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()) })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        Port = int.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The mail server did not start."), CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    /// <summary>The messages that it has taken.</summary>
    public IReadOnlyList<MimeMessage> Messages => [.. Directory.GetFiles(_folder.File("mail"), "*.eml").Order(StringComparer.Ordinal).Select(f => MimeMessage.Load(f))];

    /// <summary>Starts one; skips the test where it is not installed.</summary>
    /// <param name="mode">starttls, tls or plain.</param>
    public static SmtpServer Start(string mode)
    {
        Skip.IfNot(File.Exists("/usr/lib/python3/dist-packages/aiosmtpd/smtp.py"), "python3-aiosmtpd is not installed");
        return new(mode);
    }

    /// <summary>As the system would, if it trusted the certificate.</summary>
    public bool Trusts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        => certificate is not null && certificate.GetCertHashString() == _certificate.GetCertHashString() && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None;

    /// <summary>Waits until it has taken so many messages.</summary>
    public async Task<IReadOnlyList<MimeMessage>> TakesAsync(int count)
    {
        await TestLimits.UntilAsync(() => Messages.Count >= count, $"message {count}");
        return Messages;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
