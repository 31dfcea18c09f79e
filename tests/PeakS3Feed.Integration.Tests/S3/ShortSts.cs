using System.Globalization;
using System.Net;
using System.Security;
using System.Text;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Microsoft.AspNetCore.WebUtilities;
using PeakS3Feed.Aws;

namespace PeakS3Feed.Integration.S3;

/// <summary>
/// An STS that hands out the gateway's own sessions, but of a few seconds, whatever it is asked for: a connection may not ask for less than
/// 15 minutes. It can hold their end back, so that a session ends on who uses it without a warning.
/// </summary>
internal sealed class ShortSts : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly AmazonSecurityTokenServiceClient _client;
    private readonly TimeSpan _lasts;
    private readonly bool _tellsEnd;
    private DateTime _end;

    public ShortSts(string target, AccessKey key, TimeSpan lasts, bool tellsEnd)
    {
        (_lasts, _tellsEnd) = (lasts, tellsEnd);
        _client = new(new BasicAWSCredentials(key.Id, key.Secret), new AmazonSecurityTokenServiceConfig { ServiceURL = target, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Url { get; }

    /// <summary>How many sessions were handed out.</summary>
    public int Issued { get; private set; }

    /// <summary>Waits until the session that was handed out last has ended.</summary>
    public async Task EndedAsync()
    {
        // The gateway counts in whole seconds.
        while (_end + TimeSpan.FromSeconds(1) - DateTime.UtcNow is var rest && rest > TimeSpan.Zero)
            await Task.Delay(rest);
    }

    public void Dispose()
    {
        _listener.Close();
        _client.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            var context = await _listener.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream);
            var form = QueryHelpers.ParseQuery(await reader.ReadToEndAsync());
            var (status, xml) = await AssumeAsync(form["RoleArn"].ToString(), form["RoleSessionName"].ToString());
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/xml";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(xml));
            context.Response.Close();
        }
    }

    private async Task<(int Status, string Xml)> AssumeAsync(string role, string name)
    {
        try
        {
            var given = (await _client.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = role, RoleSessionName = name, DurationSeconds = (int)_lasts.TotalSeconds })).Credentials;
            Issued++;
            _end = DateTime.UtcNow + _lasts;
            var end = (_tellsEnd ? given.Expiration!.Value : DateTime.UtcNow.AddHours(1)).ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            return (200, $"<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials><AccessKeyId>{given.AccessKeyId}</AccessKeyId>"
                + $"<SecretAccessKey>{SecurityElement.Escape(given.SecretAccessKey)}</SecretAccessKey><SessionToken>{SecurityElement.Escape(given.SessionToken)}</SessionToken><Expiration>{end}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>");
        }
        catch (AmazonSecurityTokenServiceException e)
        {
            return ((int)e.StatusCode, $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{e.ErrorCode}</Code><Message>{SecurityElement.Escape(e.Message)}</Message></Error><RequestId>{e.RequestId}</RequestId></ErrorResponse>");
        }
    }
}
