{{/* The name of the objects; short enough for a suffix and the hashes of a pod's name. */}}
{{- define "vac-hub.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- default $full .Values.fullnameOverride | trunc 46 | trimSuffix "-" -}}
{{- end }}

{{/* What selects the pods. A Deployment's selector can never change, so neither may these. `app` is for
     AutoscalingMetric, which takes no dots and slashes in label names. */}}
{{- define "vac-hub.selectorLabels" -}}
app: {{ include "vac-hub.fullname" . }}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of everything but the pods of the Deployment. */}}
{{- define "vac-hub.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "vac-hub.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "vac-hub.fullname" .) "default") }}
{{- end }}

{{/* Selects the release's series in PromQL, by the names that its Deployment gives to pods. */}}
{{- define "vac-hub.series" -}}
{namespace="{{ .Release.Namespace }}",pod=~"{{ include "vac-hub.fullname" . }}-[a-z0-9]+-[a-z0-9]{5}"}
{{- end }}

{{/* A duration such as 10m, in milliseconds. */}}
{{- define "vac-hub.milliseconds" -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- mul (trimSuffix $unit . | int64) (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000) $unit) -}}
{{- end }}

{{/* The drain's deadline and five seconds for the JVM's end. */}}
{{- define "vac-hub.terminationGracePeriodSeconds" -}}
{{- $drain := include "vac-hub.milliseconds" .Values.drain.gracePeriod | int64 -}}
{{- add 5 (divf $drain 1000 | ceil) -}}
{{- end }}

{{/* The most streams that one pod takes. */}}
{{- define "vac-hub.maxActiveStreams" -}}
{{- kindIs "invalid" .Values.streams.maxActive | ternary (mul 4 .Values.autoscaling.targetStreamsPerPod) .Values.streams.maxActive | int64 -}}
{{- end }}

{{/* The pod of a load tester: (dict "root" $ "target" "host:port" "args" (list ...)). */}}
{{- define "vac-hub.loadtester" -}}
{{- $v := .root.Values -}}
restartPolicy: Never
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- toYaml $v.podSecurityContext | nindent 2 }}
{{- with $v.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: loadtest
    {{- $image := $v.loadtest.image }}
    image: {{ $image.repository | default (printf "%s-loadtest" $v.image.repository) }}:{{ $image.tag | default $v.image.tag | default .root.Chart.AppVersion }}
    imagePullPolicy: {{ $v.image.pullPolicy }}
    args:
      - run
      - {{ .target | default (printf "%s:%v" (include "vac-hub.fullname" .root) $v.service.port) }}
      {{- if not .target }}
      - {{ empty $v.tls.secretName | ternary "--plaintext" "--ca=/etc/vac-hub/tls/ca.crt" }}
      {{- if $v.tls.clientCA }}
      - --cert=/etc/vac-hub/tls/tls.crt
      - --key=/etc/vac-hub/tls/tls.key
      {{- end }}
      {{- end }}
      {{- toYaml .args | nindent 6 }}
    resources:
      {{- toYaml $v.loadtest.resources | nindent 6 }}
    securityContext:
      {{- toYaml $v.securityContext | nindent 6 }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      {{- if $v.tls.secretName }}
      - {name: tls, mountPath: /etc/vac-hub/tls, readOnly: true}
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with $v.tls.secretName }}
  - name: tls
    secret:
      secretName: {{ . }}
      defaultMode: 0440
      {{- if not $v.tls.clientCA }}
      # Not the key.
      items: [{key: ca.crt, path: ca.crt}]
      {{- end }}
  {{- end }}
{{- end }}
