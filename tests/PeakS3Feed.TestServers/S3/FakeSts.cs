using System.Globalization;

namespace PeakS3Feed.TestServers.S3;

/// <summary>The fake server's sessions.</summary>
public sealed class FakeSts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _issued;

    /// <summary>The clock that sessions end by.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Whom GetCallerIdentity names, whatever signed the request.</summary>
    public string Caller { get; set; } = "arn:aws:iam::111122223333:user/platform";

    /// <summary>The external id that the role demands; null for none.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The longest session that the role grants.</summary>
    public TimeSpan LongestSession { get; set; } = TimeSpan.FromHours(12);

    /// <summary>What is said to who asks for more.</summary>
    public string TooLong { get; set; } = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";

    /// <summary>Only requests signed by a session that lasts are answered.</summary>
    public bool Demanded { get; set; }

    /// <summary>How an ended session is refused: ExpiredToken on AWS, InvalidAccessKeyId on Ceph.</summary>
    public Fault Refusal { get; set; } = Fault.ExpiredToken;

    /// <summary>How many sessions were issued.</summary>
    public int Issued => _issued;

    /// <summary>Ends all sessions now.</summary>
    public void ExpireAll()
    {
        lock (_lock)
            _sessions.Clear();
    }

    internal Fault? Check(FakeRequest request)
    {
        if (!Demanded)
            return null;
        if (request.AccessKeyId is not { } id)
            return Fault.AccessDenied;
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out var session) || session.Ends <= Time.GetUtcNow())
                return Refusal;
            return request.Header("x-amz-security-token") == session.Token ? null : new Fault { Status = 400, Code = "InvalidToken", Message = "The provided token is malformed or otherwise invalid." };
        }
    }

    internal (int Status, string Body) AssumeRole(FakeRequest request)
    {
        var seconds = int.Parse(request.Query.GetValueOrDefault("DurationSeconds", "3600"), CultureInfo.InvariantCulture);
        var role = request.Query.GetValueOrDefault("RoleArn", "");
        if (ExternalId is not null && request.Query.GetValueOrDefault("ExternalId") != ExternalId)
        {
            return (403, FakeXml.StsError(
                "AccessDenied", $"User: arn:aws:iam::111122223333:user/platform is not authorized to perform: sts:AssumeRole on resource: {role}"));
        }
        if (seconds > LongestSession.TotalSeconds)
            return (400, FakeXml.StsError("ValidationError", TooLong));
        var number = Interlocked.Increment(ref _issued);
        var session = new Session($"ASIAFAKE{number:D12}", $"token-{number}", Time.GetUtcNow().AddSeconds(seconds));
        lock (_lock)
            _sessions[session.Id] = session;
        return (200, FakeXml.Assumed(role, request.Query.GetValueOrDefault("RoleSessionName", ""), session.Id, $"secret{number:D34}", session.Token, session.Ends));
    }

    private sealed record Session(string Id, string Token, DateTimeOffset Ends);
}
